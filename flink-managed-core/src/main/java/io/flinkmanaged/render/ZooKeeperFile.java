package io.flinkmanaged.render;

/** The configuration of a ZooKeeper peer: the form that Flink's {@code FlinkZooKeeperQuorumPeer} reads. */
final class ZooKeeperFile {

    private ZooKeeperFile() {}

    static RenderedFile in(String directory, ProcessPlacement placement, NodePlacement node) {
        StringBuilder text = new StringBuilder("""
                # Peers hear of each other twice in each tick. A leader of theirs that nobody hears of for 3 s (6 ticks) has a
                # successor before JobManagers, whose writes wait meanwhile, give up their peer after 4 s (two thirds of
                # a session) and their session after 6 s more.
                tickTime = 500
                syncLimit = 6
                # 20 s to find a leader and copy what it knows, 10 s for a handshake: a dozen JVMs may be starting.
                initLimit = 40
                # But 1.5 s to be connected with it: who hears nobody is heard for a moment yet, and may be elected again.
                connectToLearnerMasterLimit = 3
                quorumCnxnTimeoutMs = 10000
                # A TLS connection to somebody who is cut off takes 3 s to close, and nobody should wait for it with an election.
                learner.closeSocketAsync = true
                leader.closeSocketAsync = true
                # Who does not find the others asks again after 2 s at most. ZooKeeper's minute would leave one that was cut
                # off apart for as long as that.
                fastleader.maxNotificationInterval = 2000
                # What a client asks for, and not what follows from the tick: 20 ticks at most.
                minSessionTimeout = 1000
                maxSessionTimeout = 600000
                maxClientCnxns = 0
                admin.enableServer = false
                autopurge.snapRetainCount = 3
                autopurge.purgeInterval = 1
                4lw.commands.whitelist = ruok,srvr
                """);
        text.append("dataDir = ")
                .append(escaped(node.directory().resolve("zookeeper/data").toString()))
                .append('\n');
        if (placement.security().isPresent()) {
            text.append(TlsSettings.zooKeeperLines(node));
        } else {
            text.append("clientPort = ").append(node.ports().zooKeeperClient()).append('\n');
            text.append("clientPortAddress = ").append(node.address()).append('\n');
        }
        if (placement.nodes().size() > 1) {
            for (NodePlacement peer : placement.nodes()) {
                text.append("server.")
                        .append(peer.node().number())
                        .append(" = ")
                        .append(bracketed(peer.address()))
                        .append(':')
                        .append(peer.ports().zooKeeperPeer())
                        .append(':')
                        .append(peer.ports().zooKeeperElection())
                        .append('\n');
            }
        }
        return new RenderedFile(directory + "/zoo.cfg", RenderedFile.PRIVATE, text.toString());
    }

    /** Java's properties read a backslash as an escape. */
    static String escaped(String path) {
        return path.replace("\\", "\\\\");
    }

    private static String bracketed(String address) {
        return address.contains(":") ? "[" + address + "]" : address;
    }
}
