package org.domicile.platform.consent;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import org.domicile.platform.testing.PolicyVersions;

/** In place of what is configured. */
@Alternative
@Priority(1)
@Singleton
public class OperatedPolicy extends PolicyVersions {}
