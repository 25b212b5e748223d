package org.domicile.backup.direct;

import jakarta.validation.constraints.PositiveOrZero;

/** @param size of the content that will be put, bytes */
public record DirectRequest(@PositiveOrZero long size) {}
