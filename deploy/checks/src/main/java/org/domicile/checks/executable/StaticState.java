package org.domicile.checks.executable;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Static fields are filled while the executable is compiled. A source of randomness there would give every process the same
 * numbers, and the compiler refuses it; a thread or a socket would be dead.
 */
final class StaticState {
    private static final Set<String> NOT_BEFORE_START = Set.of(
            "java.util.Random",
            "java.lang.Thread",
            "java.util.concurrent.ExecutorService",
            "java.net.http.HttpClient",
            "com.fasterxml.uuid.UUIDGenerator");

    List<String> violations(NativeSources executable) {
        var found = new ArrayList<String>();
        for (var type : executable.classes()) {
            if (!executable.initializedLate().contains(type.getName())) {
                Arrays.stream(type.getDeclaredFields())
                        .filter(StaticState::isMadeTooEarly)
                        .map(f -> executable.service() + ": " + type.getName() + "." + f.getName()
                                + " is static and must not be made while compiling.")
                        .forEach(found::add);
            }
        }
        return found;
    }

    static boolean isMadeTooEarly(Field field) {
        return Modifier.isStatic(field.getModifiers()) && isOneOf(field.getType());
    }

    private static boolean isOneOf(Class<?> type) {
        return type != null
                && (NOT_BEFORE_START.contains(type.getName())
                        || isOneOf(type.getSuperclass())
                        || Arrays.stream(type.getInterfaces()).anyMatch(StaticState::isOneOf));
    }
}
