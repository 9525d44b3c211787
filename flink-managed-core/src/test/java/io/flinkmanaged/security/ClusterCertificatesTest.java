package io.flinkmanaged.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkmanaged.internal.ForkedJvm;
import io.flinkmanaged.internal.ManualTime;
import io.flinkmanaged.internal.SetClock;
import io.flinkmanaged.model.ClusterName;
import io.flinkmanaged.model.InvalidInputException;
import io.flinkmanaged.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterCertificatesTest {

    private static final ClusterName FLIGHTS = new ClusterName("flights");

    @TempDir
    private Path home;

    private final ManualTime time = new ManualTime();

    @Test
    void keysLieInPrivateFilesOfAPrivateDirectory() throws IOException {
        open();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(directory())) {
            assertThat(files)
                    .extracting(file -> file.getFileName() + " "
                            + PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .containsExactlyInAnyOrder(
                            "internal-1.pem r--------", "key-store-password r--------", "rest-1.pem r--------");
        }
    }

    @Test
    void theSameAuthoritiesAreFoundAgain() {
        List<X509Certificate> first = trusted(open().issue(new NodeId(1), "10.0.0.1"));
        assertThat(trusted(open().issue(new NodeId(2), "10.0.0.2"))).isEqualTo(first);
    }

    @Test
    void aNodesCertificatesSayWhatTheyAreForAndEnd() throws Exception {
        NodeCertificates node = open().issue(new NodeId(1), "10.0.0.1");
        assertThat(node.expires()).isEqualTo(time.now().plus(ClusterCertificates.NODE_LIFETIME));
        assertThat(Duration.between(time.now(), node.renewAt()).toDays()).isBetween(242L, 244L);
        assertThat(node.files())
                .extracting(KeyFile::path)
                .containsExactlyElementsOf(
                        Stream.of(NodeKeyFile.values()).map(NodeKeyFile::path).toList());
        assertThat(node.files()).allMatch(file -> file.mode().equals("r--------"));
        assertThat(node.internal().own().certificate().getExtendedKeyUsage()).hasSize(2);
        assertThat(node.internal().own().certificate().getSubjectAlternativeNames())
                .containsExactly(List.of(7, "10.0.0.1"));
        assertThat(node.rest().own().certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        NodeCertificates named = open().issue(new NodeId(2), "flink-2.example.org");
        assertThat(named.rest().own().certificate().getSubjectAlternativeNames())
                .containsExactly(List.of(2, "flink-2.example.org"));
    }

    @Test
    void whatAClockOfHoursAheadIssuesHoldsAtOnce() throws Exception {
        SetClock ahead = new SetClock(time);
        ahead.setBy(Duration.ofHours(14));
        NodeCertificates node = ClusterCertificates.open(home, FLIGHTS, ahead).issue(new NodeId(1), "10.0.0.1");
        Date now = Date.from(time.now());
        node.internal().own().certificate().checkValidity(now);
        node.rest().own().certificate().checkValidity(now);
        for (X509Certificate authority : trusted(node)) {
            authority.checkValidity(now);
        }
    }

    @Test
    void noCertificateOutlivesItsAuthority() {
        open();
        time.pass(CertificateAuthority.LIFETIME.minusDays(3));
        NodeCertificates node = open().issue(new NodeId(1), "10.0.0.1");
        assertThat(Duration.between(time.now(), node.expires())).isEqualTo(Duration.ofDays(3));
        assertThat(open().renewAuthorityAt(Purpose.INTERNAL)).isBefore(time.now());
    }

    @Test
    void noTextShowsAKey() {
        NodeCertificates node = open().issue(new NodeId(1), "10.0.0.1");
        assertThat(node + " " + node.files() + node.internal() + node.rest().own())
                .doesNotContain("PRIVATE", "PrivateKey", "[B@");
        assertThat(node.toString()).isEqualTo("certificates of node-1 until 2027-01-01T00:00:00Z");
    }

    /** Several processes find no authority at the same time, again and again: each directory has one in the end. */
    @Test
    void processesThatMakeItAtOnceAgree() throws Exception {
        int homes = 8;
        List<ForkedJvm> processes = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                processes.add(ForkedJvm.run(MakesAuthorities.class, home.toString(), Integer.toString(homes)));
            }
            processes.forEach(process -> assertThat(process.nextLine()).isEqualTo("ready"));
            processes.forEach(ForkedJvm::closeInput);
            for (ForkedJvm process : processes) {
                for (int i = 0; i < homes; i++) {
                    assertThat(process.nextLine()).isEqualTo("made " + i);
                }
            }
        } finally {
            processes.forEach(ForkedJvm::close);
        }
        for (int i = 0; i < homes; i++) {
            Path each = home.resolve("home-" + i);
            assertThat(ClusterCertificates.open(each, FLIGHTS, time).rotation(Purpose.REST))
                    .isEqualTo(Rotation.SETTLED);
            try (Stream<Path> files = Files.list(each)) {
                assertThat(files).hasSize(3);
            }
        }
    }

    /** Killed wherever it happens to be: what is there is whole, and what is missing is made. */
    @Test
    void aProcessKilledMeanwhileLeavesItWholeOrAbsent() {
        try (ForkedJvm process = ForkedJvm.run(MakesAuthorities.class, home.toString(), "1000000")) {
            assertThat(process.nextLine()).isEqualTo("ready");
            process.closeInput();
            for (int i = 0; i < 5; i++) {
                assertThat(process.nextLine()).startsWith("made");
            }
            process.kill();
        }
        for (int i = 0; Files.exists(home.resolve("home-" + i)); i++) {
            ClusterCertificates again = ClusterCertificates.open(home.resolve("home-" + i), FLIGHTS, time);
            assertThat(again.issue(new NodeId(1), "10.0.0.1").files()).hasSize(NodeKeyFile.values().length);
        }
    }

    @Test
    void refusesWhatOthersMayRead() throws IOException {
        open();
        Files.setPosixFilePermissions(authority(), PosixFilePermissions.fromString("r--r-----"));
        refused("mode r--r----- (expected: its owner alone may read it).", "chmod 400", "rotate");
        Files.setPosixFilePermissions(authority(), PosixFilePermissions.fromString("r--------"));
        Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("rwxr-x---"));
        refused("mode rwxr-x---", "chmod 700");
    }

    @Test
    void refusesADamagedAuthority() throws IOException {
        open();
        String good = Files.readString(authority());
        replace(good.substring(0, good.length() / 2));
        refused("damaged: ", "Restore it from a copy");
        replace("");
        refused("damaged: has no PRIVATE KEY", "terminate the cluster, delete the file and launch again");
        char[] flipped = good.toCharArray();
        int last = good.lastIndexOf("\n-----END CERTIFICATE") - 10;
        flipped[last] = flipped[last] == 'A' ? 'B' : 'A';
        replace(new String(flipped));
        refused("damaged: ");
        ClusterCertificates unused = ClusterCertificates.open(home.resolve("other"), FLIGHTS, time);
        String other = Files.readString(home.resolve("other/internal-1.pem"));
        replace(good.substring(0, good.indexOf("-----BEGIN CERTIFICATE"))
                + other.substring(other.indexOf("-----BEGIN CERTIFICATE")));
        refused("damaged: the key is not that of the certificate");
        replace(Files.readString(directory().resolve("rest-1.pem")));
        refused("that of \"CN=flights rest 1\" (expected: that of \"CN=flights internal 1\")");
    }

    @Test
    void refusesWhatIsNoFile() throws IOException {
        open();
        Files.delete(authority());
        Files.createDirectory(
                authority(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        refused("not readable: ", "restore the file from a copy");
    }

    @Test
    void refusesAnExpiredAuthority() {
        open();
        time.pass(CertificateAuthority.LIFETIME.plusSeconds(1));
        refused("expired on 2035-12-30T00:00:00Z", "Terminate the cluster, delete the file and launch again");
    }

    @Test
    void whatAClusterThatLivesHasIsFoundAndNeverMade() {
        refused(
                this::find,
                "internal-1.pem: gone (expected: the file that was there before)",
                "Restore it from a copy");
        assertThat(directory()).doesNotExist();
        List<X509Certificate> made = trusted(open().issue(new NodeId(1), "10.0.0.1"));
        assertThat(trusted(find().issue(new NodeId(2), "10.0.0.2"))).isEqualTo(made);
    }

    @Test
    void nothingIsIssuedByAnotherAuthorityThanTheOneThatIsLost() throws IOException {
        ClusterCertificates certificates = open();
        Path copy = Files.move(authority(), home.resolve("copy"));
        String[] gone = {"internal-1.pem: gone", "Restore it from a copy"};
        refused(this::find, gone);
        refused(() -> certificates.issue(new NodeId(1), "10.0.0.1"), gone);
        refused(() -> certificates.validityOfNode(time.now()), gone);
        refused(certificates::zooKeeperClient, gone);
        refused(() -> certificates.rotation(Purpose.INTERNAL), gone);
        refused(() -> certificates.advance(Purpose.INTERNAL, Rotation.SETTLED), gone);
        refused(certificates::advance, gone);
        assertThat(authority()).doesNotExist();
        Files.move(copy, authority());
        assertThat(find().issue(new NodeId(1), "10.0.0.1").files()).isNotEmpty();
        Files.delete(directory().resolve("rest-1.pem"));
        refused(certificates::restClient, "rest-1.pem: gone");
        refused(
                () -> certificates.grant("grafana", Duration.ofHours(1), new RestAddress("127.0.0.1", 8081)),
                "rest-1.pem: gone");
        refused(certificates::rotation, "rest-1.pem: gone");
    }

    /** Processes read key stores by the one that they were started with. */
    @Test
    void aLostPasswordIsNotReplacedEither() throws IOException {
        ClusterCertificates certificates = open();
        Files.delete(directory().resolve("key-store-password"));
        refused(this::find, "password of the key stores", "key-store-password: gone");
        refused(() -> certificates.issue(new NodeId(1), "10.0.0.1"), "key-store-password: gone");
    }

    @Test
    void theNextLaunchMakesWhatIsLostAnewAndKeepsTheRest() throws IOException {
        ClusterCertificates certificates = open();
        for (Purpose purpose : Purpose.values()) {
            assertThat(certificates.advance(purpose, Rotation.SETTLED)).isEqualTo(Rotation.INTRODUCED);
            assertThat(certificates.advance(purpose, Rotation.INTRODUCED)).isEqualTo(Rotation.SWITCHED);
        }
        List<X509Certificate> before = trusted(certificates.issue(new NodeId(1), "10.0.0.1"));
        Files.delete(directory().resolve("internal-2.pem"));
        refused(this::find, "internal-2.pem: gone");
        refused(() -> certificates.issue(new NodeId(1), "10.0.0.1"), "internal-2.pem: gone");
        List<X509Certificate> after = trusted(open().issue(new NodeId(1), "10.0.0.1"));
        assertThat(after).hasSize(2).startsWith(before.get(0)).doesNotContain(before.get(1));
        assertThat(certificates.rotation(Purpose.INTERNAL)).isEqualTo(Rotation.SWITCHED);
        assertThat(certificates.advance()).isEqualTo(Rotation.SETTLED);
        assertThat(trusted(find().issue(new NodeId(1), "10.0.0.1"))).containsExactly(after.get(1));
    }

    private void refused(String... texts) {
        refused(this::open, texts);
    }

    private static void refused(ThrowingCallable call, String... texts) {
        assertThatThrownBy(call)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(texts)
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("BEGIN"));
    }

    private void replace(String text) throws IOException {
        Files.delete(authority());
        Files.writeString(authority(), text);
        Files.setPosixFilePermissions(authority(), PosixFilePermissions.fromString("r--------"));
    }

    private static List<X509Certificate> trusted(NodeCertificates node) {
        return node.internal().trusted();
    }

    private ClusterCertificates find() {
        return ClusterCertificates.find(directory(), FLIGHTS, time);
    }

    private ClusterCertificates open() {
        return ClusterCertificates.open(directory(), FLIGHTS, time);
    }

    private Path directory() {
        return home.resolve("flights/security");
    }

    private Path authority() {
        return directory().resolve("internal-1.pem");
    }
}
