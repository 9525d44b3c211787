package io.flinkmanaged.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkmanaged.spec.Plans;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TestPlanTest {

    @Test
    void hasEveryPlanOfTheCatalogueAndOneMore() {
        assertThat(Arrays.stream(TestPlan.values()).map(TestPlan::plan))
                .containsAll(Plans.all())
                .hasSize(Plans.all().size() + 1);
    }
}
