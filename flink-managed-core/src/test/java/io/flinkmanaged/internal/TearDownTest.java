package io.flinkmanaged.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TearDownTest {

    private final List<String> stopped = new ArrayList<>();
    private final TearDown tearDown = new TearDown();

    @Test
    void stopsInReverse() throws Exception {
        add("first", "second", "third");
        tearDown.run();
        assertThat(stopped).containsExactly("third", "second", "first");
    }

    @Test
    void stopsEachOnce() throws Exception {
        add("first");
        tearDown.run();
        tearDown.run();
        assertThat(stopped).containsExactly("first");
    }

    @Test
    void stopsEveryoneWhateverHappensToTheOthers() {
        IOException second = new IOException("second");
        IllegalStateException fourth = new IllegalStateException("fourth");
        add("first");
        addFailing(second);
        add("third");
        addFailing(fourth);
        assertThatThrownBy(tearDown::run).isSameAs(fourth).hasSuppressedException(second);
        assertThat(stopped).containsExactly("third", "first");
    }

    @Test
    void stopsEveryoneAfterAnErrorToo() {
        NoClassDefFoundError error = new NoClassDefFoundError("a driver");
        add("first");
        tearDown.add(() -> {
            throw error;
        });
        add("third");
        assertThatThrownBy(tearDown::run).isSameAs(error);
        assertThat(stopped).containsExactly("third", "first");
    }

    @Test
    void takesOneFailureThatSeveralStepsThrow() {
        IOException same = new IOException("same");
        addFailing(same);
        addFailing(same);
        add("third");
        assertThatThrownBy(tearDown::run).isSameAs(same);
        assertThat(stopped).containsExactly("third");
    }

    @Test
    void keepsTheFirstCauseOnTop() {
        IllegalStateException cause = new IllegalStateException("why the start failed");
        IOException failure = new IOException("and this, too");
        addFailing(failure);
        add("second");
        tearDown.after(cause);
        assertThat(cause).hasSuppressedException(failure);
        assertThat(stopped).containsExactly("second");
    }

    @Test
    void doesNotSuppressACauseInItself() {
        IllegalStateException cause = new IllegalStateException("why the start failed");
        addFailing(cause);
        assertThatCode(() -> tearDown.after(cause)).doesNotThrowAnyException();
        assertThat(cause).hasNoSuppressedExceptions();
    }

    @Test
    void leavesTheThreadInterruptedThatWasInterrupted() {
        addFailing(new InterruptedException());
        add("second");
        assertThatThrownBy(tearDown::run).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(stopped).containsExactly("second");
    }

    private void add(String... names) {
        for (String name : names) {
            tearDown.add(() -> stopped.add(name));
        }
    }

    private void addFailing(Exception failure) {
        tearDown.add(() -> {
            throw failure;
        });
    }
}
