/**
 * The conformance kit of the participant API: {@code ./domicile participant check URL} asks a system that holds data of accounts for
 * every rule by which it takes part in their moves ({@code docs/outside-systems.md}).
 */
package org.domicile.participant;
