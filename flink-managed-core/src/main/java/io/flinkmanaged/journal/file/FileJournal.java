package io.flinkmanaged.journal.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkmanaged.internal.Digests;
import io.flinkmanaged.internal.Directories;
import io.flinkmanaged.internal.DurableFiles;
import io.flinkmanaged.journal.Journal;
import io.flinkmanaged.journal.JournalException;
import io.flinkmanaged.journal.JournalKeys;
import io.flinkmanaged.journal.JournalRecord;
import io.flinkmanaged.model.ManagedFlinkException.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A journal in a directory of this host: one file a record, written aside, forced to the disk and renamed.
 *
 * <p>An open journal holds an operating-system lock on the directory, so that one process, and one object in it, has
 * it at a time; the lock ends with the process, however it ends. The directory must be on a local file system: locks
 * of network file systems are not to be trusted with a cluster.
 */
public final class FileJournal implements Journal {

    private static final String LOCK = ".lock";
    private static final String SUFFIX = ".record";
    /** No name of a record has a plus: what a directory is called whose name would be that of a record's file. */
    private static final String DIRECTORY_LIKE_A_FILE = ".record+/";

    private static final String HEADER = "flink-managed-journal 1";

    /**
     * What this process has open. A process loses its lock on a file when it closes any descriptor of that file (POSIX),
     * so a second one must not even be opened to find out that the first is locked.
     */
    private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel lockFile;
    private final FileLock lock;

    private FileJournal(Path directory, FileChannel lockFile, FileLock lock) {
        this.directory = directory;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Opens the journal of a directory, which is created if absent.
     *
     * @param directory where the records are
     * @return the journal; the caller closes it
     * @throws JournalException if another process or object has it open, or the directory cannot be used
     */
    public static FileJournal open(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        try {
            Path real = Directories.create(absolute).toRealPath();
            if (!OPEN_HERE.add(real)) {
                throw inUse(absolute);
            }
            try {
                return lock(real);
            } catch (IOException | RuntimeException e) {
                OPEN_HERE.remove(real);
                throw e;
            }
        } catch (IOException | UncheckedIOException e) {
            throw new JournalException(
                    Code.JOURNAL,
                    "journal directory: " + absolute + " (expected: a directory that can be written). "
                            + "Name another one, or repair its permissions: " + e.getMessage(),
                    e);
        }
    }

    private static FileJournal lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(directory);
            }
            return new FileJournal(directory, channel, lock);
        } catch (OverlappingFileLockException e) {
            // This class, loaded by another loader, has it: to close our descriptor would unlock it.
            throw inUse(directory);
        } catch (IOException | RuntimeException e) {
            closeAfter(channel, e);
            throw e;
        }
    }

    @Override
    public Optional<JournalRecord> read(String key) {
        Path file = fileOf(key);
        try {
            return Optional.of(decode(key, file, Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("read", file, e);
        }
    }

    @Override
    public synchronized List<String> list(String prefix) {
        requireOpen();
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .map(name -> name.replace(DIRECTORY_LIKE_A_FILE, SUFFIX + "/"))
                    .filter(key -> key.startsWith(prefix))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw failed("list", directory, e);
        }
    }

    @Override
    public synchronized boolean compareAndSet(String key, long expectedVersion, String text) {
        Path file = fileOf(key);
        if (versionOf(key) != expectedVersion) {
            return false;
        }
        try {
            Directories.create(parentOf(file));
            DurableFiles.replace(file, encode(expectedVersion + 1, JournalKeys.checkSize(key, text)));
            return true;
        } catch (IOException e) {
            throw failed("write", file, e);
        }
    }

    @Override
    public synchronized boolean delete(String key, long expectedVersion) {
        Path file = fileOf(key);
        if (versionOf(key) != expectedVersion || expectedVersion == ABSENT) {
            return false;
        }
        try {
            Files.delete(file);
            DurableFiles.force(parentOf(file));
            return true;
        } catch (IOException e) {
            throw failed("delete", file, e);
        }
    }

    /** Releases the operating system's lock. */
    @Override
    public synchronized void close() {
        if (!lockFile.isOpen()) {
            return;
        }
        try {
            lockFile.close();
        } catch (IOException e) {
            throw failed("close", directory, e);
        } finally {
            OPEN_HERE.remove(directory);
        }
    }

    private long versionOf(String key) {
        return read(key).map(JournalRecord::version).orElse(ABSENT);
    }

    private Path fileOf(String key) {
        requireOpen();
        return directory.resolve(JournalKeys.check(key).replace(SUFFIX + "/", DIRECTORY_LIKE_A_FILE) + SUFFIX);
    }

    private void requireOpen() {
        if (!lock.isValid()) {
            throw new JournalException(
                    Code.CLOSED, "journal: closed (expected: open). Open the directory again: " + directory, null);
        }
    }

    private static Path parentOf(Path file) {
        return Objects.requireNonNull(file.getParent(), "a record is always below the journal's directory");
    }

    private static byte[] encode(long version, String text) {
        return (HEADER + " " + version + " " + checksum(version, text) + "\n" + text).getBytes(UTF_8);
    }

    private static JournalRecord decode(String key, Path file, byte[] content) {
        String record = new String(content, UTF_8);
        int end = record.indexOf('\n');
        String[] header = record.substring(0, Math.max(end, 0)).split(" ", -1);
        if (header.length != 4 || !(header[0] + " " + header[1]).equals(HEADER)) {
            throw damaged(file, "header");
        }
        try {
            long version = Long.parseLong(header[2]);
            String text = record.substring(end + 1);
            if (!header[3].equals(checksum(version, text))) {
                throw damaged(file, "checksum");
            }
            return new JournalRecord(key, version, text);
        } catch (NumberFormatException e) {
            throw damaged(file, "version");
        }
    }

    private static String checksum(long version, String text) {
        return Digests.sha256((version + " " + text).getBytes(UTF_8));
    }

    private static JournalException damaged(Path file, String part) {
        return new JournalException(
                Code.JOURNAL,
                "journal record: " + file + " (expected: a record of format \"" + HEADER + "\" with a matching " + part
                        + "). It is damaged or of a newer version; restore it, or delete it to forget what it says.",
                null);
    }

    private static JournalException failed(String verb, Path file, Exception cause) {
        return new JournalException(
                Code.JOURNAL,
                "journal: cannot " + verb + " " + file + " (" + cause + "). Check the disk and its permissions.",
                cause);
    }

    private static JournalException inUse(Path directory) {
        return new JournalException(
                Code.CONFLICT,
                "journal directory: " + directory + " (expected: not open elsewhere). "
                        + "Close the other ManagedFlink, end its process, or name another directory.",
                null);
    }

    private static void closeAfter(FileChannel channel, Exception cause) {
        try {
            channel.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
