/** The region's transparency log of receipts (RFC 6962, C2SP tlog-tiles), and the region as a witness of the others' logs. */
package org.domicile.migration.transparency;
