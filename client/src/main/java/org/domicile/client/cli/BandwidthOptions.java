package org.domicile.client.cli;

import org.domicile.client.restic.Bandwidth;
import picocli.CommandLine.Option;

/** How fast a command may send and receive. */
final class BandwidthOptions {
    @Option(
            names = "--limit-upload",
            paramLabel = "KIB",
            defaultValue = "0",
            description = "send no more than so many KiB a second; default: no limit")
    int upload;

    @Option(
            names = "--limit-download",
            paramLabel = "KIB",
            defaultValue = "0",
            description = "receive no more than so many KiB a second; default: no limit")
    int download;

    Bandwidth upload() {
        return Bandwidth.of(upload);
    }

    Bandwidth download() {
        return Bandwidth.of(download);
    }
}
