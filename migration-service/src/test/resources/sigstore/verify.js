// Checks a proof with the stock library @sigstore/verify: node verify.js FOLDER, where FOLDER/node_modules holds it. Reads one JSON document.
const path = require('path');
const crypto = require('crypto');
const library = path.join(process.argv[2], 'node_modules', '@sigstore', 'verify', 'dist', 'tlog');
const {verifyCheckpoint} = require(path.join(library, 'checkpoint.js'));
const {verifyMerkleInclusion} = require(path.join(library, 'merkle.js'));

const input = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const entry = {
  canonicalizedBody: Buffer.from(input.entry, 'base64'),
  inclusionProof: {
    logIndex: input.index,
    hashes: input.hashes.map(hash => Buffer.from(hash, 'base64')),
    checkpoint: {envelope: input.checkpoint},
  },
};
const log = {
  logID: Buffer.from(input.keyId, 'hex'),
  baseURL: input.name,
  publicKey: crypto.createPublicKey({key: Buffer.from(input.key, 'base64'), format: 'der', type: 'spki'}),
};
try {
  verifyMerkleInclusion(entry, verifyCheckpoint(entry, [log]));
  console.log('good');
} catch (failure) {
  console.log(failure.message);
}
