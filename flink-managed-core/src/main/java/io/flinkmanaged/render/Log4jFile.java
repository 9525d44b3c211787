package io.flinkmanaged.render;

/**
 * The Log4j 2 configuration of a process: ten files of 50 MiB, a new one at each start, and the job in each line that Flink
 * writes on behalf of one. Errors go to standard error, too, where a launcher finds the reason of a failed start.
 */
final class Log4jFile {

    // Flink puts the job into the MDC under this key: org.apache.flink.util.MdcUtils.JOB_ID.
    static final String JOB = "flink-job-id";

    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5p [%t] %c{1.}%notEmpty{ job=%X{" + JOB + "}} - %m%n%throwable";

    private static final String TEXT = """
            # Read again every 30 seconds.
            monitorInterval = 30
            rootLogger.level = INFO
            rootLogger.appenderRef.file.ref = File
            rootLogger.appenderRef.console.ref = Console
            rootLogger.appenderRef.console.level = ERROR

            appender.file.name = File
            appender.file.type = RollingFile
            appender.file.append = true
            appender.file.fileName = ${sys:log.file}
            appender.file.filePattern = ${sys:log.file}.%%i
            appender.file.layout.type = PatternLayout
            appender.file.layout.pattern = %1$s
            appender.file.policies.type = Policies
            appender.file.policies.startup.type = OnStartupTriggeringPolicy
            appender.file.policies.size.type = SizeBasedTriggeringPolicy
            appender.file.policies.size.size = 50MB
            appender.file.strategy.type = DefaultRolloverStrategy
            appender.file.strategy.max = 10

            appender.console.name = Console
            appender.console.type = Console
            appender.console.target = SYSTEM_ERR
            # And not what System.err is by then: Flink writes that to the log.
            appender.console.direct = true
            appender.console.layout.type = PatternLayout
            appender.console.layout.pattern = %1$s
            # Nobody rotates standard error, and all is in the log file, too: a hundred lines, and then one in 100 seconds.
            appender.console.filter.burst.type = BurstFilter
            appender.console.filter.burst.level = FATAL
            appender.console.filter.burst.rate = 0.01
            appender.console.filter.burst.maxBurst = 100

            # What jobs print, to System.err, too. It is not told to standard error again.
            logger.printed.name = org.apache.flink.runtime.taskexecutor.SystemOutRedirectionUtils
            logger.printed.level = INFO
            logger.printed.additivity = false
            logger.printed.appenderRef.file.ref = File

            # Complains of every connection that a lost process leaves behind.
            logger.netty.name = org.jboss.netty.channel.DefaultChannelPipeline
            logger.netty.level = OFF

            # At DEBUG the signers of the AWS SDK, and of its copy in Flink's jar, write the token of a session with each request.
            logger.signer.name = software.amazon.awssdk.http.auth
            logger.signer.level = INFO
            logger.signerOfFlink.name = org.apache.flink.fs.s3native.shaded.software.amazon.awssdk.http.auth
            logger.signerOfFlink.level = INFO
            """.formatted(PATTERN);

    /** While a process rehearses, its log file is another one's. */
    private static final String OF_REHEARSALS = """
            rootLogger.level = ERROR
            rootLogger.appenderRef.console.ref = Console

            appender.console.name = Console
            appender.console.type = Console
            appender.console.target = SYSTEM_ERR
            appender.console.layout.type = PatternLayout
            appender.console.layout.pattern = %s
            """.formatted(PATTERN);

    private Log4jFile() {}

    static RenderedFile in(String directory) {
        return new RenderedFile(directory + "/log4j2.properties", "r--r-----", TEXT);
    }

    static RenderedFile ofRehearsals(String directory) {
        return new RenderedFile(directory + "/log4j2-rehearsal.properties", "r--r-----", OF_REHEARSALS);
    }
}
