// A sender with the stock library web-push: node send.js FOLDER, where FOLDER/node_modules holds it. Reads one JSON document.
const path = require('path');
const webpush = require(path.join(process.argv[2], 'node_modules', 'web-push'));

const input = JSON.parse(require('fs').readFileSync(0, 'utf8'));
if (input.vapid) {
  webpush.setVapidDetails('mailto:sender@example.org', input.vapid.publicKey, input.vapid.privateKey);
}
const options = {TTL: input.ttl, urgency: 'high', topic: input.topic, contentEncoding: 'aes128gcm'};
webpush.sendNotification(input.subscription, input.text, options).then(
    answer => console.log(JSON.stringify({status: answer.statusCode, location: answer.headers.location})),
    failure => console.log(JSON.stringify({status: failure.statusCode, body: failure.body || String(failure)})));
