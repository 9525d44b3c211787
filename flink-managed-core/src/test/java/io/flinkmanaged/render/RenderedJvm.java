package io.flinkmanaged.render;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.runtime.taskexecutor.SystemOutRedirectionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Prints what its own JVM says of its limits, logs a line without and a line within a job, and prints there as a job does once
 * Flink has read its configuration.
 */
final class RenderedJvm {

    private RenderedJvm() {}

    public static void main(String[] arguments) {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long metaspace = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .map(MemoryPoolMXBean::getUsage)
                .mapToLong(MemoryUsage::getMax)
                .sum();
        String direct = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue();
        System.out.println("heap " + heap.getMax() + " initial heap " + heap.getInit() + " metaspace " + metaspace
                + " direct " + direct);
        Logger log = LoggerFactory.getLogger(RenderedJvm.class);
        log.info("without");
        try (MDC.MDCCloseable unused = MDC.putCloseable(arguments[0], "4711")) {
            log.info("within");
            SystemOutRedirectionUtils.redirectSystemOutAndError(GlobalConfiguration.loadConfiguration(arguments[1]));
            System.out.println("printed");
            System.err.println("printed, too");
        }
    }
}
