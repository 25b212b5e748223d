package org.domicile.backup.webdav;

/** The qualified name of a property; the namespace may be empty. */
record PropertyName(String namespace, String local) {
    static final String DAV = "DAV:";

    static PropertyName dav(String local) {
        return new PropertyName(DAV, local);
    }

    /** {@code {namespace}local}. */
    @Override
    public String toString() {
        return "{" + namespace + "}" + local;
    }

    static PropertyName parse(String text) {
        var end = text.lastIndexOf('}');
        return new PropertyName(text.substring(1, end), text.substring(end + 1));
    }
}
