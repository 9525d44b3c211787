package io.flinkmanaged.aws;

import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleExpiration;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleAndOperator;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.NoncurrentVersionExpiration;
import software.amazon.awssdk.services.s3.model.TransitionStorageClass;

/** A rule of a bucket's lifecycle, as it concerns the objects of a location: they have no tags. */
record S3LifecycleRule(LifecycleRule rule) {

    /** Objects there must be restored, within hours, before they can be read. */
    private static final List<TransitionStorageClass> OUT_OF_REACH =
            List.of(TransitionStorageClass.GLACIER, TransitionStorageClass.DEEP_ARCHIVE);

    /** Returns the name that somebody gave it. */
    String name() {
        return rule.id() == null || rule.id().isEmpty() ? "without a name" : rule.id();
    }

    /** Returns whether it is in force for some of what is below a prefix. */
    boolean touches(String prefix) {
        return isInForce() && (prefix.startsWith(own()) || own().startsWith(prefix));
    }

    /** Returns whether it is in force for all that is below a prefix. */
    boolean covers(String prefix) {
        boolean anySize = and().map(all -> all.objectSizeGreaterThan() == null && all.objectSizeLessThan() == null)
                        .orElse(true)
                && filter().map(one -> one.objectSizeGreaterThan() == null && one.objectSizeLessThan() == null)
                        .orElse(true);
        return isInForce() && anySize && prefix.startsWith(own());
    }

    /** Returns after what time it deletes objects that nobody has replaced; empty if it does not. */
    Optional<String> expiry() {
        LifecycleExpiration expiration = rule.expiration();
        if (expiration == null) {
            return Optional.empty();
        }
        return expiration.days() != null
                ? Optional.of(expiration.days() + " days after they were written")
                : Optional.ofNullable(expiration.date()).map(date -> "on " + date);
    }

    /** Returns the storage class to which it moves objects and from which nobody can read them at once. */
    Optional<String> archive() {
        return rule.transitions().stream()
                .filter(to -> OUT_OF_REACH.contains(to.storageClass()))
                .map(to -> to.storageClassAsString() + " after " + to.days() + " days")
                .findFirst();
    }

    boolean deletesFormerVersions() {
        NoncurrentVersionExpiration former = rule.noncurrentVersionExpiration();
        return former != null && former.noncurrentDays() != null;
    }

    boolean abortsStaleUploads() {
        return rule.abortIncompleteMultipartUpload() != null;
    }

    private boolean isInForce() {
        boolean tagged = filter().map(one -> one.tag() != null).orElse(false)
                || and().map(LifecycleRuleAndOperator::hasTags).orElse(false);
        return rule.status() == ExpirationStatus.ENABLED && !tagged;
    }

    private String own() {
        return and().map(LifecycleRuleAndOperator::prefix)
                .or(() -> filter().map(LifecycleRuleFilter::prefix))
                // Where rules had it before 2016, and some have it still.
                .or(() -> rule.getValueForField("Prefix", String.class))
                .orElse("");
    }

    private Optional<LifecycleRuleFilter> filter() {
        return Optional.ofNullable(rule.filter());
    }

    private Optional<LifecycleRuleAndOperator> and() {
        return filter().map(LifecycleRuleFilter::and);
    }
}
