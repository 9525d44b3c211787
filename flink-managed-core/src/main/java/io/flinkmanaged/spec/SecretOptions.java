package io.flinkmanaged.spec;

import io.flinkmanaged.config.KeyCatalogue;
import io.flinkmanaged.model.Finding;
import io.flinkmanaged.model.SecretRef;
import java.util.List;

/** Storage options whose names say that they are secrets: they are given as references, or the spec would have to be one. */
final class SecretOptions {

    private SecretOptions() {}

    static List<Finding> judge(StorageLocation location) {
        return location.options().entrySet().stream()
                .filter(option -> SecretRef.isMalformedIn(option.getValue())
                        || (KeyCatalogue.isSecret(option.getKey())
                                && SecretRef.parse(option.getValue()).isEmpty()))
                .map(option -> new Finding(
                        "checkpoints storage option " + option.getKey(),
                        "…",
                        "a reference to a secret",
                        "Write ${secret:env:NAME} or ${secret:file:/path}; SecretRef makes one."))
                .toList();
    }
}
