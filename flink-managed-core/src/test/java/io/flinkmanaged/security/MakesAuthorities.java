package io.flinkmanaged.security;

import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.SystemTimeSource;
import java.nio.file.Path;

/** Another process that opens a cluster's certificates, again and again in new directories until it is killed or done. */
final class MakesAuthorities {

    private MakesAuthorities() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("ready");
        int unused = System.in.read();
        try (SystemTimeSource time = new SystemTimeSource()) {
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                ClusterCertificates.open(Path.of(arguments[0], "home-" + i), new ClusterName("flights"), time);
                System.out.println("made " + i);
            }
        }
    }
}
