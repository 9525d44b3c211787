package io.flinkmanaged.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.event.ClusterEvent;
import io.flinkmanaged.event.ClusterEvent.SpecAdvised;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.spec.Checkpointing;
import io.flinkmanaged.spec.ClusterSpec;
import io.flinkmanaged.spec.Plans;
import io.flinkmanaged.testkit.EmbeddedS3;
import io.flinkmanaged.testkit.S3BucketSettings;
import io.flinkmanaged.testkit.S3Fault;
import io.flinkmanaged.testkit.S3Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3BucketAdviceTest {

    private static final String ABORTS = "<Status>Enabled</Status><Filter/><AbortIncompleteMultipartUpload>"
            + "<DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>";
    private static final S3BucketSettings EXEMPLARY =
            S3BucketSettings.NONE.encryptedBy("AES256", false).rule(ABORTS);

    @AutoClose
    private static final EmbeddedS3 SERVER = EmbeddedS3.start("state");

    @AutoClose
    private static final ManagedFlink FLINK = ManagedFlink.inProcess();

    @TempDir
    private static Path directory;

    @AfterEach
    void heal() {
        SERVER.heal();
    }

    @Test
    void hasNothingToSayAboutAnExemplaryBucket() {
        assertThat(advice(EXEMPLARY)).isEmpty();
    }

    @Test
    void missesEncryptionUnlessTheLocationAsksForIt() {
        S3BucketSettings plain = S3BucketSettings.NONE.rule(ABORTS);
        assertThat(advice(plain)).singleElement().asString().startsWith("encryption of bucket state: none");
        SERVER.tell(plain);
        assertThat(FLINK.checkStorage(storage().encryptedByS3().build())).isEmpty();
    }

    @Test
    void countsTheRequestsToKms() {
        assertThat(advice(EXEMPLARY.encryptedBy("aws:kms", false)))
                .singleElement()
                .asString()
                .contains("aws:kms without a bucket key");
        assertThat(advice(EXEMPLARY.encryptedBy("aws:kms", true))).isEmpty();
    }

    @Test
    void missesARuleForStaleUploads() {
        assertThat(advice(S3BucketSettings.NONE.encryptedBy("AES256", false)))
                .singleElement()
                .asString()
                .contains("no rule that aborts stale uploads", "AbortIncompleteMultipartUpload");
    }

    @Test
    void warnsOfVersionsThatNobodyDeletes() {
        assertThat(advice(EXEMPLARY.versioned()))
                .singleElement()
                .asString()
                .contains("versioning of bucket state: enabled", "NoncurrentVersionExpiration");
        assertThat(advice(EXEMPLARY
                        .versioned()
                        .rule("<Status>Enabled</Status><Filter><Prefix>production/</Prefix></Filter>"
                                + "<NoncurrentVersionExpiration><NoncurrentDays>3</NoncurrentDays>"
                                + "</NoncurrentVersionExpiration>")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Filter/>",
                "<Prefix></Prefix>",
                "<Prefix>prod</Prefix>",
                "<Filter><Prefix>production/</Prefix></Filter>",
                "<Filter><Prefix>production/flights/jobs/</Prefix></Filter>",
                "<Filter><And><Prefix>production/</Prefix><ObjectSizeGreaterThan>1000</ObjectSizeGreaterThan></And></Filter>"
            })
    void warnsOfARuleThatDeletesState(String where) {
        assertThat(advice(EXEMPLARY.rule(deleting("Enabled", where))))
                .singleElement()
                .satisfies(finding -> assertThat(finding.isError()).isFalse())
                .asString()
                .contains(
                        "rule clean up deletes objects 30 days after they were written",
                        "no rule that deletes what is below s3://state/production/",
                        "Restrict the rule to another prefix");
    }

    @ParameterizedTest
    @CsvSource({
        "Enabled, <Filter><Prefix>logs/</Prefix></Filter>",
        "Enabled, <Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter>",
        "Disabled, <Filter/>"
    })
    void letsRulesBeThatDoNotConcernState(String status, String where) {
        assertThat(advice(EXEMPLARY.rule(deleting(status, where)))).isEmpty();
    }

    @Test
    void warnsOfArchivesThatCannotBeRead() {
        assertThat(advice(EXEMPLARY.rule("<ID>cheap</ID><Status>Enabled</Status><Filter/><Transition><Days>90</Days>"
                        + "<StorageClass>GLACIER</StorageClass></Transition>")))
                .singleElement()
                .asString()
                .contains("rule cheap moves objects to GLACIER after 90 days");
    }

    @Test
    void saysThatItMayNotLookForRulesAndIsSilentWhereNobodyKnowsThem() {
        SERVER.inject(S3Fault.reject(403, "AccessDenied").on(S3Operation.BUCKET));
        assertThat(advice(EXEMPLARY)).singleElement().asString().contains("permission s3:GetLifecycleConfiguration");
        SERVER.heal();
        SERVER.inject(S3Fault.reject(501, "NotImplemented").on(S3Operation.BUCKET));
        assertThat(advice(EXEMPLARY)).isEmpty();
        SERVER.heal();
        SERVER.inject(S3Fault.reset().on(S3Operation.BUCKET));
        assertThat(advice(EXEMPLARY)).isEmpty();
        SERVER.heal();
        SERVER.inject(S3Fault.delay(Duration.ofMinutes(10)).on(S3Operation.BUCKET));
        SERVER.tell(EXEMPLARY);
        assertThat(FLINK.checkStorage(
                        storage().socketTimeout(Duration.ofMillis(200)).build()))
                .isEmpty();
    }

    @Test
    void isAnEventOfEachLaunch() {
        SERVER.tell(EXEMPLARY.versioned());
        List<ClusterEvent> events = new CopyOnWriteArrayList<>();
        try (ManagedFlink flink = ManagedFlink.configure().listener(events::add).inProcess()) {
            ClusterSpec spec = ClusterSpec.named("advised")
                    .plan(Plans.TINY)
                    .checkpoints(Checkpointing.every(Duration.ofSeconds(1))
                            .to(storage().build()))
                    .build();
            flink.launch(spec).close();
            flink.launch(spec).close();
        }
        assertThat(events)
                .filteredOn(SpecAdvised.class::isInstance)
                .extracting(ClusterEvent::text)
                .filteredOn(text -> text.startsWith("versioning of bucket state: enabled"))
                .hasSize(2);
    }

    private static List<Finding> advice(S3BucketSettings settings) {
        SERVER.tell(settings);
        return FLINK.checkStorage(storage().build());
    }

    private static S3Storage storage() {
        return TestBuckets.on(SERVER, directory).prefix("production").retries(0);
    }

    private static String deleting(String status, String where) {
        return "<ID>clean up</ID><Status>" + status + "</Status>" + where + "<Expiration><Days>30</Days></Expiration>";
    }
}
