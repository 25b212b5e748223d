/** Transparency logs as RFC 6962 and C2SP (tlog-tiles, tlog-checkpoint, tlog-cosignature, tlog-proof, signed-note) define them. */
package org.domicile.tlog;
