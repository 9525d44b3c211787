package io.flinkmanaged.testkit;

import io.flinkmanaged.ManagedCluster;
import io.flinkmanaged.ManagedFlink;
import io.flinkmanaged.testkit.proof.ExactlyOnceProof;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A test class with a real cluster, which its methods share: launched before the first, closed after the last.
 *
 * <pre>{@code
 * @ClusterTest(plan = TestPlan.THREE_NODE_TINY)
 * class OrdersTest {
 *
 *     @Test
 *     void losesNothing(ManagedCluster cluster, Faults faults, ExactlyOnceProof proof) { … }
 * }
 * }</pre>
 *
 * <p>Methods of the class are given, as they ask for it by a parameter: the {@link ManagedCluster}, its {@link ManagedFlink}, the
 * {@link Faults} that can be made, and, for each test one of its own, an {@link ExactlyOnceProof}. All of them are closed here.
 *
 * <p>Before each method the cluster is waited for until it is healthy, and jobs that a former method began and left running are
 * cancelled. State is checkpointed five times a second to files. Each class has a directory of its own below
 * {@code java.io.tmpdir}, which is deleted with everything in it, so classes may run in parallel; methods that share a cluster
 * run one after the other.
 *
 * <p>A test that fails says what was known of the cluster, as a suppressed exception, a report entry and a file of JUnit's: its
 * health, what is observed, its events, and the last lines of its processes' logs.
 *
 * <p>May be put on an annotation of your own, and is inherited. Classes with {@link Launcher#PROCESSES} take minutes.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ClusterExtension.class)
@ResourceLock(providers = OneMethodAtATime.class)
public @interface ClusterTest {

    /** The size of the cluster. In process, only its number of nodes matters: each is a TaskManager. */
    TestPlan plan() default TestPlan.TINY;

    /** What runs the cluster. */
    Launcher launcher() default Launcher.IN_PROCESS;

    /** The slots of each TaskManager. */
    int taskSlots() default 2;

    /** What the cluster is to be beyond that: a class with a constructor without parameters. */
    Class<? extends ClusterSpecSupplier> spec() default ClusterSpecSupplier.Defaults.class;

    /** Who shares a cluster. */
    Scope scope() default Scope.CLASS;

    /** What runs a cluster. */
    enum Launcher {
        /** {@link ManagedFlink#inProcess()}: seconds for the first cluster of a JVM, less than one for the next. */
        IN_PROCESS,
        /** {@link ManagedFlink#processes}: real JVMs on this machine, Linux only. */
        PROCESSES
    }

    /** Who shares a cluster. */
    enum Scope {
        /** The methods of a class. */
        CLASS,
        /** Nobody: each test method has a new one. A constructor, and methods for the whole class, cannot ask for it. */
        METHOD
    }
}
