package io.flinkmanaged.security;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

/** The forms of key stores that this library writes; decision 0052. */
public enum StoreFormat {
    /** For others: browsers and tools read it. */
    PKCS12,
    /**
     * For the processes of a cluster and for this library, which read theirs again for every port. Java derives a key from
     * the password of a PKCS#12 store by 10,000 rounds, three times a store: a second of a process's start. The passwords
     * are random, of 256 bits, and lie beside the stores, so that no number of rounds makes anything safer.
     */
    JKS;

    byte[] write(String password, Filling filling) {
        try {
            KeyStore store = KeyStore.getInstance(name());
            store.load(null, null);
            filling.into(store);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, password.toCharArray());
            return bytes.toByteArray();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("This Java cannot write " + this, e);
        }
    }

    KeyStore read(byte[] content, String password) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(name());
        store.load(new ByteArrayInputStream(content), password.toCharArray());
        return store;
    }

    /** What gets into a store. */
    interface Filling {
        void into(KeyStore store) throws GeneralSecurityException;
    }
}
