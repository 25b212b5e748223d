package org.domicile.participant;

import java.util.function.Consumer;

/**
 * One rule, and how it is looked at.
 *
 * @param name in kebab case; stays the same
 * @param rule in one sentence
 */
record Check(String name, String rule, Consumer<Subject> look) {}
