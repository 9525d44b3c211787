package io.flinkmanaged.security;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The client's end of a TLS connection, which shows whatever a test wants, whether the server would like it or not. */
final class Tls {

    static final String ADDRESS = "127.0.0.1";

    private static final int PATIENCE_MILLIS = 20_000;
    /** In TLS 1.3 the client is done before the server has judged it. Nothing heard so long is a welcome. */
    private static final int SILENCE_MILLIS = 300;

    private Tls() {}

    /** Returns a context that trusts authorities and shows a certificate, or none. */
    static SSLContext context(@Nullable KeyAndCertificate own, List<X509Certificate> trusted) {
        try {
            byte[] content = new Identity(new KeyAndCertificate(new NoKey(), trusted.get(0)), trusted)
                    .trustStore(StoreFormat.JKS, "x");
            KeyStore store = StoreFormat.JKS.read(content, "x");
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    own == null ? new KeyManager[0] : new KeyManager[] {new Shows(own)},
                    trust.getTrustManagers(),
                    null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns whether a server on this machine goes on talking after the handshake. */
    static boolean isWelcome(int port, SSLContext context) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                socket.startHandshake();
            } catch (SSLException | SocketException | EOFException e) {
                return false;
            }
            return !isClosed(socket, SILENCE_MILLIS);
        }
    }

    /** Returns what a server says to somebody who speaks no TLS; empty if it closes the connection. */
    static String answerToPlainText(int port, String text) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (SocketException e) {
            return "";
        }
    }

    private static boolean isClosed(Socket socket, int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SSLException | SocketException | EOFException e) {
            return true;
        }
    }

    private record NoKey() implements PrivateKey {
        @Override
        public String getAlgorithm() {
            return "none";
        }

        @Override
        public String getFormat() {
            return "none";
        }

        @Override
        public byte[] getEncoded() {
            return new byte[0];
        }
    }

    /** Shows its certificate also to those who say that they do not trust its issuer. */
    private static final class Shows extends X509ExtendedKeyManager {

        private final KeyAndCertificate own;

        Shows(KeyAndCertificate own) {
            this.own = own;
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return "own";
        }

        @Override
        public String chooseEngineClientAlias(String[] keyType, Principal[] issuers, SSLEngine engine) {
            return "own";
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return "own";
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return "own";
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {own.certificate()};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return own.key();
        }
    }
}
