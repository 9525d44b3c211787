package io.flinkmanaged.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;

/** The compiled main classes of the module whose tests are running. */
public final class MainClasses {
    private MainClasses() {}

    /**
     * Imports what Maven compiled; the working directory is the module's, as in Surefire and the usual IDEs.
     *
     * @return every main class of the module, {@code package-info} included
     */
    public static JavaClasses ofThisModule() {
        return new ClassFileImporter().importPath(Path.of("target", "classes"));
    }
}
