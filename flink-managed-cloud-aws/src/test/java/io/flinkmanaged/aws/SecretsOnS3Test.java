package io.flinkmanaged.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.common.base.Throwables;
import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.ManagedJob;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.testkit.CountingJob;
import io.flinkmanaged.testkit.EmbeddedS3;
import io.flinkmanaged.testkit.LoggedLines;
import io.flinkmanaged.testkit.S3Fault;
import io.flinkmanaged.testkit.S3Operation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Canaries: the secret key of a bucket, right or wrong, must never be seen again, whatever fails and whoever logs it. */
class SecretsOnS3Test {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String WRONG = "canary-of-a-wrong-secret";
    private static final String ROLE = "arn:aws:iam::123456789012:role/flink-state";

    /** What the server logs of itself is not the client's doing, although both share this JVM's log. */
    private static final List<String> OF_THE_SERVER = List.of("o.g.s3proxy", "o.g.s.", "o.e.j.");

    @AutoClose
    private static final EmbeddedS3 S3 = EmbeddedS3.start("secretive");

    @TempDir
    private static Path directory;

    @Test
    void aSecretKeyIsNeitherLoggedNorToldNorWritten() throws Exception {
        Path work = directory.resolve("work");
        Path journal = directory.resolve("journal");
        List<String> texts = new ArrayList<>();
        List<ClusterEvent> events = new CopyOnWriteArrayList<>();
        try (LoggedLines log = LoggedLines.from("DEBUG");
                ManagedFlink flink = ManagedFlink.configure()
                        .workingDirectory(work)
                        .journal(journal)
                        .listener(events::add)
                        .inProcess()) {
            texts.addAll(refusals(flink));
            ClusterSpec spec = spec(S3.secretKey());
            ManagedCluster cluster = flink.operate(spec);
            cluster.awaitHealthy(PATIENCE);
            ManagedJob job = cluster.submit("counting", env -> CountingJob.define(env, "secretive", 1_000_000, 100));
            awaitCheckpoint(job);
            S3.inject(S3Fault.reject(403, "AccessDenied").on(S3Operation.PUT).first(5));
            S3.inject(S3Fault.reject(503, "SlowDown").first(10));
            awaitCheckpoint(job);
            texts.addAll(
                    List.of(spec.toString(), spec.toYaml(), cluster.explain().toString()));
            texts.add(flink.explain(spec).toString());
            texts.add(cluster.explain("s3.secret-key").toString());
            texts.addAll(toldByRest(cluster, job));
            texts.addAll(filesBelow(work));
            texts.addAll(filesBelow(journal));
            job.cancel();
            cluster.terminate();
            S3.keys("").forEach(key -> texts.add(new String(S3.read(key).orElseThrow(), UTF_8)));
            texts.addAll(ofTheClients(log));
        }
        events.forEach(event -> texts.add(event + event.text()));
        assertThat(events).isNotEmpty();
        assertThat(texts)
                .hasSizeGreaterThan(100)
                .noneMatch(text -> text.contains(S3.secretKey()) || text.contains(WRONG));
    }

    /** Each client exchanges the key for a session; its secret and its token are as good as a key while it lasts. */
    @Test
    void theSessionOfARoleIsNeitherLoggedNorTold() throws Exception {
        String property = "aws.endpointUrlSts";
        String former = System.getProperty(property);
        System.setProperty(property, S3.endpoint().toString());
        S3.sts().allow(ROLE, "the external id");
        List<String> texts = new ArrayList<>();
        ClusterSpec spec = spec(TestBuckets.on(S3, directory).assumeRole(ROLE).roleExternalId("the external id"));
        try (LoggedLines log = LoggedLines.from("DEBUG");
                ManagedFlink flink = ManagedFlink.configure()
                        .listener(event -> texts.add(event + event.text()))
                        .inProcess();
                ManagedCluster cluster = flink.launch(spec)) {
            ManagedJob job = cluster.submit("counting", env -> CountingJob.define(env, "of a role", 1_000_000, 100));
            awaitCheckpoint(job);
            texts.addAll(toldByRest(cluster, job));
            texts.add(cluster.explain().toString());
            S3.sts().expireSessions();
            awaitFailedCheckpoint(job);
            texts.addAll(ofTheClients(log));
        } finally {
            if (former == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, former);
            }
        }
        assertThat(S3.sts().assumedRoles()).isNotEmpty();
        assertThat(texts)
                .hasSizeGreaterThan(100)
                .noneMatch(text ->
                        text.contains("token-of-") || text.contains("secret-of-") || text.contains(S3.secretKey()));
    }

    /** What the AWS SDK in Flink's jar, ours, and Flink log at DEBUG. */
    private static List<String> ofTheClients(LoggedLines log) {
        List<String> clients = log.lines().stream()
                .filter(line -> OF_THE_SERVER.stream().noneMatch(line::contains))
                .toList();
        assertThat(clients)
                .anyMatch(line -> line.contains("DEBUG") && line.contains("s.a.a.request"))
                .anyMatch(line -> line.contains("DEBUG") && line.contains("o.a.f.f.s.s.s.a.a."))
                .anyMatch(line -> line.contains("DEBUG") && line.contains("o.a.f.r."));
        return clients;
    }

    /** A wrong key, no permission, and a server that is too busy, each at a launch. */
    private static List<String> refusals(ManagedFlink flink) {
        List<String> texts = new ArrayList<>();
        texts.add(refusal(flink, WRONG));
        S3.inject(S3Fault.reject(403, "AccessDenied"));
        texts.add(refusal(flink, S3.secretKey()));
        S3.heal();
        S3.inject(S3Fault.reject(503, "SlowDown"));
        texts.add(refusal(flink, S3.secretKey()));
        S3.heal();
        assertThat(texts.get(0)).contains("secret key: …");
        assertThat(texts.get(1)).contains("AccessDenied");
        assertThat(texts.get(2)).contains("SlowDown");
        return texts;
    }

    private static String refusal(ManagedFlink flink, String secret) {
        return Throwables.getStackTraceAsString(catchThrowable(() -> flink.launch(spec(secret))));
    }

    private static List<String> toldByRest(ManagedCluster cluster, ManagedJob job) throws IOException {
        List<String> answers = new ArrayList<>();
        for (String path : List.of(
                "/config",
                "/jobmanager/config",
                "/jobmanager/environment",
                "/jobmanager/logs",
                "/jobs/" + job.jobId() + "/config",
                "/jobs/" + job.jobId() + "/checkpoints/config",
                "/jobs/" + job.jobId() + "/exceptions",
                "/taskmanagers")) {
            try (InputStream answer = cluster.webUi().resolve(path).toURL().openStream()) {
                answers.add(new String(answer.readAllBytes(), UTF_8));
            }
        }
        assertThat(answers).anyMatch(answer -> answer.contains("s3.region"));
        return answers;
    }

    private static List<String> filesBelow(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            List<String> texts = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.add(Files.exists(file) ? new String(Files.readAllBytes(file), UTF_8) : "");
            }
            return texts;
        }
    }

    private static void awaitCheckpoint(ManagedJob job) {
        long seen = job.progress().completedCheckpoints();
        await().atMost(PATIENCE).until(() -> job.progress().completedCheckpoints() > seen);
    }

    private static void awaitFailedCheckpoint(ManagedJob job) {
        long seen = job.progress().failedCheckpoints();
        await().atMost(PATIENCE).until(() -> job.progress().failedCheckpoints() > seen);
    }

    private static ClusterSpec spec(String secret) {
        return spec(TestBuckets.on(S3, directory, secret));
    }

    private static ClusterSpec spec(S3Storage storage) {
        return ClusterSpec.named("secretive")
                .plan(Plans.TINY)
                .checkpoints(Checkpointing.every(Duration.ofMillis(200))
                        .to(storage.retries(0).build()))
                .build();
    }
}
