package io.flinkmanaged.event;

import io.flinkmanaged.model.Redaction;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;

/** Events without secrets: flat records, so that each text in them can be replaced. */
final class RedactedEvents {

    private RedactedEvents() {}

    static ClusterEvent redacted(ClusterEvent event) {
        if (!Redaction.isNeededFor(event.toString())) {
            return event;
        }
        RecordComponent[] components = event.getClass().getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                values[i] = withoutSecrets(components[i].getAccessor().invoke(event));
            }
            return event.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("every event is a public record", e);
        }
    }

    private static Object withoutSecrets(Object value) {
        if (value instanceof String text) {
            return Redaction.hide(text);
        }
        return value instanceof Optional<?> optional ? optional.map(RedactedEvents::withoutSecrets) : value;
    }
}
