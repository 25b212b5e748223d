package org.domicile.account.device;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** @param appendOnly whether the device may add backups but not delete them; null means false */
public record NewDevice(
        @NotBlank @Size(max = 100) String name,
        @NotBlank @Size(max = 100) String model,
        Boolean appendOnly) {
    @Override
    public String toString() {
        return "NewDevice[redacted]";
    }
}
