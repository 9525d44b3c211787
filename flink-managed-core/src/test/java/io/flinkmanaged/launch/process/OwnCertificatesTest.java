package io.flinkmanaged.launch.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.internal.SetClock;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.security.ClusterCertificates;
import io.flinkmanaged.security.Rotation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnCertificatesTest {

    private static final ClusterName FLIGHTS = new ClusterName("flights");
    private static final URI REST = URI.create("https://127.0.0.1:8081");

    @TempDir
    private Path directory;

    private final ManualTime time = new ManualTime();
    private final SetClock clock = new SetClock(time);
    private CertifiedEpoch security;
    private OwnCertificates own;
    private int shown;

    @BeforeEach
    void issue() {
        security = new CertifiedEpoch(ClusterCertificates.open(directory, FLIGHTS, clock));
        own = new OwnCertificates(FLIGHTS, security, () -> shown++, clock);
    }

    @Test
    void thoseInTheLastThirdOfTheirLifeAreRenewedOnce() throws IOException {
        SSLContext first = security.restContext().orElseThrow();
        byte[] keys = Files.readAllBytes(directory.resolve("client/client.jks"));
        look();
        assertThat(shown).isZero();
        time.pass(Duration.ofDays(242));
        look();
        assertThat(shown).isZero();
        time.pass(Duration.ofDays(2));
        look();
        look();
        assertThat(shown).isEqualTo(1);
        assertThat(security.isLibraryDue(clock.now())).isFalse();
        assertThat(security.restContext().orElseThrow()).isNotSameAs(first);
        assertThat(Files.readAllBytes(directory.resolve("client/client.jks"))).isNotEqualTo(keys);
        time.pass(Duration.ofDays(400));
        look();
        assertThat(shown).isEqualTo(2);
    }

    /** A look does not wait, and the looks that follow do not begin another one. */
    @Test
    void aRenewalIsOfThePool() {
        time.pass(Duration.ofDays(300));
        own.renewIfDue();
        own.renewIfDue();
        assertThat(shown).isZero();
        time.runBlocking();
        assertThat(shown).isEqualTo(1);
    }

    /** As after a machine that was started with a wrong clock: what was issued then holds in years only. */
    @Test
    void thoseOfAClockThatWasAheadAreRenewedWhenItIsSetBack() {
        clock.setBy(Duration.ofDays(1000));
        look();
        assertThat(shown).isEqualTo(1);
        clock.setBy(Duration.ofDays(-1000));
        look();
        look();
        assertThat(shown).isEqualTo(2);
    }

    @Test
    void whatCannotBeIssuedIsTriedAgainLater() throws IOException {
        Path authority = directory.resolve("rest-1.pem");
        Path copy = Files.move(authority, directory.resolve("copy"));
        time.pass(Duration.ofDays(300));
        look();
        look();
        Files.move(copy, authority);
        look();
        assertThat(shown).isZero();
        time.pass(OwnCertificates.TRY_AGAIN_AFTER);
        look();
        assertThat(shown).isEqualTo(1);
    }

    /** Of an authority that ends soon none holds longer than it does. */
    @Test
    void thoseThatAreNoBetterAreNotAskedForAgainAtOnce() {
        time.pass(Duration.ofDays(3650).minusHours(1));
        look();
        look();
        assertThat(shown).isEqualTo(1);
        time.pass(OwnCertificates.TRY_AGAIN_AFTER.dividedBy(2));
        look();
        assertThat(shown).isEqualTo(1);
    }

    @Test
    void eachStepOfARotationAndEachRenewalOfProcessesRenewsThem() {
        own.renew();
        assertThat(own.advanceRotation()).isEqualTo(Rotation.INTRODUCED);
        assertThat(shown).isEqualTo(2);
        assertThat(security.restClient(REST).toMap()).isNotEmpty();
    }

    @Test
    void whoShowsNoneRenewsNone() {
        OwnCertificates none = new OwnCertificates(FLIGHTS, EpochSecurity.NONE, () -> shown++, clock);
        time.pass(Duration.ofDays(4000));
        none.renewIfDue();
        time.runBlocking();
        assertThat(shown).isZero();
    }

    private void look() {
        own.renewIfDue();
        time.runBlocking();
    }
}
