package io.flinkmanaged.testkit;

import io.flinkmanaged.spec.StorageLocation;
import io.flinkmanaged.storage.file.FileStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/**
 * One job whose directory is gone for a while, as when a mount is lost: a plain file is in its place, so that nothing can be
 * created there, by whomever.
 */
class OutageOfFilesTest extends StorageOutageContract {

    @TempDir
    private Path temporary;

    @Override
    protected StorageLocation location() {
        return FileStorage.at(directory());
    }

    @Override
    protected void cutOff() {
        try {
            Path unusedMoved = Files.move(directory(), away());
            Path unusedFile = Files.writeString(directory(), "not mounted");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void heal() {
        try {
            if (Files.exists(away())) {
                Files.delete(directory());
                Path unused = Files.move(away(), directory());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path directory() {
        return temporary.resolve("state");
    }

    private Path away() {
        return temporary.resolve("state-away");
    }
}
