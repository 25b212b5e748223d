/**
 * Looks at both sides of a move by code that the copier does not use: its own SQL, its own listing of objects, its own MACs. What it
 * compares ends in equal, or in a list of keys.
 */
package org.domicile.platform.verify;
