package io.flinkmanaged.launch.process;

/** How the processes of a cluster, and those who use it, speak to each other. */
public enum Traffic {
    /** By TLS on every port; each shows a certificate of the cluster's own authorities. */
    TLS,
    /** In clear, and nobody proves who he is: for measurements, and for machines that nobody else has an account on. */
    CLEAR
}
