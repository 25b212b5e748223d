/**
 * Outside systems that move with their accounts: {@link org.domicile.outside.database a foreign PostgreSQL database} by configuration,
 * or {@link org.domicile.outside.remote any system} that implements the participant API.
 */
package org.domicile.outside;
