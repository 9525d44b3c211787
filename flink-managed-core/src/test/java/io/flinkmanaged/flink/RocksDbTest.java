package io.flinkmanaged.flink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RocksDbTest {

    @Test
    void isHereUnlessItWasExcluded() {
        assertThat(RocksDb.isKnownTo(RocksDbTest.class.getClassLoader())).isTrue();
        assertThat(RocksDb.isKnownTo(ClassLoader.getPlatformClassLoader())).isFalse();
    }
}
