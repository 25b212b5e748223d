package org.domicile.checks.executable;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.domicile.checks.Sources;

/** What is read from JSON or written to it is looked up by name: each such type is registered, and what it is made of too. */
final class Reflection {
    private static final Pattern MAPPED =
            Pattern.compile("(?:mapTo|decodeValue|\\bread|readValue|convertValue)\\((?:[^;]*?, )?(\\w+)\\.class\\)");
    private static final Pattern MADE = Pattern.compile("mapFrom\\(new (\\w+)\\(");
    private static final Pattern REFERENCE = Pattern.compile("TypeReference<([\\w<>, ]+)> \\w+ =");
    private static final Pattern NAME = Pattern.compile("\\w+");
    private static final String ANNOTATIONS = "com.fasterxml.jackson.annotation.";

    private final Sources sources;

    Reflection(Sources sources) {
        this.sources = sources;
    }

    List<String> violations(NativeSources executable) {
        var classes = executable.classes();
        var mapped = mappedNames(executable.service());
        var needed = new LinkedHashSet<Class<?>>();
        for (var type : classes) {
            if (isAnnotated(type) || type.isRecord() && mapped.contains(type.getSimpleName())) {
                collect(type, needed);
            }
        }
        return violations(executable, needed);
    }

    static List<String> violations(NativeSources executable, Set<Class<?>> needed) {
        return needed.stream()
                .map(Class::getName)
                .filter(name -> !executable.reflective().contains(name))
                .sorted()
                .map(name -> executable.service() + ": " + name + " is JSON, but lacks @RegisterForReflection.")
                .toList();
    }

    /** Simple names that the service's code, or the platform's, gives to a mapper. */
    Set<String> mappedNames(String service) {
        var names = new TreeSet<String>();
        for (var module : List.of(service, "platform")) {
            for (var file : sources.files(module + "/src/main/java", ".java")) {
                var text = sources.read(sources.relative(file));
                MAPPED.matcher(text).results().forEach(m -> names.add(m.group(1)));
                MADE.matcher(text).results().forEach(m -> names.add(m.group(1)));
                REFERENCE.matcher(text).results().forEach(m -> NAME.matcher(m.group(1))
                        .results()
                        .forEach(n -> names.add(n.group())));
            }
        }
        return names;
    }

    /** The type and all of ours that its components are made of. */
    static void collect(Class<?> type, Set<Class<?>> into) {
        if (!type.getName().startsWith("org.domicile.") || !into.add(type) || !type.isRecord()) {
            return;
        }
        for (var component : type.getRecordComponents()) {
            if (!isIgnored(component)) {
                collect(component.getGenericType(), into);
            }
        }
    }

    private static void collect(Type type, Set<Class<?>> into) {
        if (type instanceof Class<?> plain) {
            collect(plain.isArray() ? plain.getComponentType() : plain, into);
        } else if (type instanceof ParameterizedType parameterized) {
            Arrays.stream(parameterized.getActualTypeArguments()).forEach(argument -> collect(argument, into));
        }
    }

    private static boolean isIgnored(RecordComponent component) {
        return Arrays.stream(component.getAccessor().getAnnotations())
                .anyMatch(a -> a.annotationType().getName().equals(ANNOTATIONS + "JsonIgnore"));
    }

    private static boolean isAnnotated(Class<?> type) {
        return (type.isRecord() || type.isEnum())
                && Arrays.stream(type.getAnnotations())
                        .anyMatch(a -> a.annotationType().getName().startsWith(ANNOTATIONS));
    }
}
