package io.flinkmanaged.launch.process;

import java.time.Duration;

/** What keeps a ZooKeeper peer whose process lives from serving its clients, as far as somebody who asks it can tell. */
enum PeerTrouble {
    /** As by any peer whose JVM does not listen yet, which takes long where a dozen others start on the machine. */
    REFUSED(
            Duration.ofMinutes(2),
            "the connection is refused",
            "If its log says that it listens, a firewall rejects what comes from here: let this machine reach that port."),
    /** Not the doing of a peer that starts: one that does not listen yet refuses at once. */
    UNREACHABLE(
            Duration.ofSeconds(30),
            "no connection comes about",
            "What is sent there is dropped, or finds no way: let this machine reach that port, in firewalls and security "
                    + "groups."),
    /** Not the doing of a peer that starts: it listens only when it has read its keys. */
    DISTRUSTS(
            Duration.ofSeconds(30),
            "it does not take this library's certificate, or does not prove who it is",
            "Look whether somebody else listens there, or something on the way takes TLS apart; launch again for other ports."),
    /** Its JVM may have to wait for processors. */
    SILENT(
            Duration.ofMinutes(2),
            "it takes the connection and does not answer",
            "Look at its log, and whether somebody else listens there; launch again for other ports."),
    /** Most of the peers have to find each other. */
    NO_QUORUM(
            Duration.ofMinutes(2),
            "it answers, and finds no quorum",
            "Let the nodes reach each other's ports for peers and elections, in firewalls and security groups.");

    private final Duration patience;
    private final String text;
    private final String remedy;

    PeerTrouble(Duration patience, String text, String remedy) {
        this.patience = patience;
        this.text = text;
        this.remedy = remedy;
    }

    /** Returns after how long without a change it does not end by itself. */
    Duration patience() {
        return patience;
    }

    /** Returns what to do about it. */
    String remedy() {
        return remedy;
    }

    /** Returns what is the matter. */
    @Override
    public String toString() {
        return text;
    }
}
