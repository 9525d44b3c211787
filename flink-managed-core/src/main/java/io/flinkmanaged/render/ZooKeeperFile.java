package io.flinkmanaged.render;

/** The configuration of a ZooKeeper peer: the form that Flink's {@code FlinkZooKeeperQuorumPeer} reads. */
final class ZooKeeperFile {

    private ZooKeeperFile() {}

    static RenderedFile in(String directory, ProcessPlacement placement, NodePlacement node) {
        StringBuilder text = new StringBuilder("""
                # A session may time out after 4 s: twice the tick.
                tickTime = 2000
                initLimit = 10
                syncLimit = 5
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
