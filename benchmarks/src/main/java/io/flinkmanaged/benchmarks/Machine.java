package io.flinkmanaged.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.apache.flink.runtime.util.EnvironmentInformation;

/** Says where figures come from. */
final class Machine {

    private static final double GIBI = 1L << 30;

    private Machine() {}

    static String describe() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return String.format(
                Locale.ROOT,
                "%d cores, %.0f GiB, %s %s, Java %s, Flink %s, load %.1f at the start",
                Runtime.getRuntime().availableProcessors(),
                system.getTotalMemorySize() / GIBI,
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.version(),
                EnvironmentInformation.getVersion(),
                system.getSystemLoadAverage());
    }
}
