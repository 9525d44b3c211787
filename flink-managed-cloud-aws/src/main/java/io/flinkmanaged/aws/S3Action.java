package io.flinkmanaged.aws;

/** What is asked of S3, with the permission that it takes. */
enum S3Action {
    LIST("list", "s3:ListBucket on the bucket"),
    READ("read", "s3:GetObject on its objects"),
    WRITE("write", "s3:PutObject on its objects"),
    CREATE("create", "s3:PutObject on its objects"),
    DELETE("delete", "s3:DeleteObject on its objects");

    private final String verb;
    private final String permission;

    S3Action(String verb, String permission) {
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
