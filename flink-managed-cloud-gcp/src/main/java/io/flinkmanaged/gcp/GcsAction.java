package io.flinkmanaged.gcp;

/** What is asked of GCS, with the permission that it takes. */
enum GcsAction {
    LOG_IN("log in", "none"),
    LIST("list", "storage.objects.list"),
    READ("read", "storage.objects.get"),
    WRITE("write", "storage.objects.create, and storage.objects.delete to overwrite"),
    CREATE("create", "storage.objects.create"),
    DELETE("delete", "storage.objects.delete"),
    LOOK_AT_BUCKET("look at the bucket", "storage.buckets.get");

    private final String verb;
    private final String permission;

    GcsAction(String verb, String permission) {
        this.verb = verb;
        this.permission = permission;
    }

    String verb() {
        return verb;
    }

    String permission() {
        return permission;
    }
}
