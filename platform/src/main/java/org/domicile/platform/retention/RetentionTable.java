package org.domicile.platform.retention;

import java.util.List;

/** All classes of data that a service stores, each with its end. One bean per service. */
public interface RetentionTable {
    List<RetentionClass> classes();
}
