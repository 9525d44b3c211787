package io.flinkmanaged.security;

/**
 * Where a REST interface is reached. Of a cluster with several JobManagers each one will do: those that do not lead ask
 * the one that does.
 *
 * @param host the IP address or host name that its certificate names
 * @param port its port
 */
public record RestAddress(String host, int port) {}
