package io.flinkmanaged.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.model.ClusterName;
import org.junit.jupiter.api.Test;

class ClusterFixtureTest {

    @Test
    void aClusterIsCalledAsItsTestClass() {
        assertThat(ClusterFixture.nameOf(ClusterFixtureTest.class)).isEqualTo("cluster-fixture-test");
    }

    @Test
    void everyClassGivesAName() {
        for (Class<?> each : new Class<?>[] {
            _Test.class, $.class, ThisIsATestClassWithANameThatIsLongerThanWhatAClusterCanBeCalledForEver.class
        }) {
            assertThat(new ClusterName(ClusterFixture.nameOf(each))).isNotNull();
        }
    }

    private static final class _Test {}

    private static final class $ {}

    private static final class ThisIsATestClassWithANameThatIsLongerThanWhatAClusterCanBeCalledForEver {}
}
