package org.domicile.checks.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.Gateway;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.mirrormaker2.KafkaMirrorMaker2;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every resource is of a kind that is known here, and has no field that its kind does not have: Kubernetes, the Gateway API and
 * Strimzi by their published models, the other operators by {@code fields.yaml}, which lists the fields that we use.
 */
public final class StrictSchemas implements Rule {
    private static final Map<String, Class<?>> MODELS = Map.ofEntries(
            Map.entry("v1/Namespace", Namespace.class),
            Map.entry("v1/ConfigMap", ConfigMap.class),
            Map.entry("v1/Service", Service.class),
            Map.entry("v1/ServiceAccount", ServiceAccount.class),
            Map.entry("apps/v1/Deployment", Deployment.class),
            Map.entry("batch/v1/Job", Job.class),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
            Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("gateway.networking.k8s.io/v1/Gateway", Gateway.class),
            Map.entry("gateway.networking.k8s.io/v1/HTTPRoute", HTTPRoute.class),
            Map.entry("kafka.strimzi.io/v1beta2/Kafka", Kafka.class),
            Map.entry("kafka.strimzi.io/v1beta2/KafkaNodePool", KafkaNodePool.class),
            Map.entry("kafka.strimzi.io/v1beta2/KafkaTopic", KafkaTopic.class),
            Map.entry("kafka.strimzi.io/v1beta2/KafkaUser", KafkaUser.class),
            Map.entry("kafka.strimzi.io/v1beta2/KafkaMirrorMaker2", KafkaMirrorMaker2.class));

    private static final ObjectMapper STRICT = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
            .setAnnotationIntrospector(new WithoutCatchAll());

    private final JsonNode fields;

    public StrictSchemas() {
        try (var list = StrictSchemas.class.getResourceAsStream("fields.yaml")) {
            this.fields = new YAMLMapper().readTree(list);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        manifests.all().forEach(m -> check(m).ifPresent(reason -> found.add(m.id() + ": " + reason)));
        return found;
    }

    private Optional<String> check(Manifest manifest) {
        var type = manifest.apiVersion() + "/" + manifest.kind();
        var model = MODELS.get(type);
        if (model != null) {
            return checkModel(manifest, model);
        }
        if (manifest.kind().equals("ScaledJob")) {
            // its template is a Job's, which has a model
            var job = manifest.content().objectNode();
            job.set("spec", manifest.at("spec.jobTargetRef"));
            var wrong = checkModel(new Manifest(job), Job.class);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        var known = fields.path(type);
        return known.isMissingNode()
                ? Optional.of("the kind " + type + " is not known to these checks.")
                : unknown("spec", manifest.spec(), known);
    }

    private static Optional<String> checkModel(Manifest manifest, Class<?> model) {
        try {
            STRICT.treeToValue(manifest.content(), model);
            return Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.of(e.getOriginalMessage());
        }
    }

    /** In {@code fields.yaml} an object lists its fields, a list its element, {@code any} ends the look, a word is the type of a value. */
    private static Optional<String> unknown(String path, JsonNode value, JsonNode known) {
        if (known.asText().equals("any")) {
            return Optional.empty();
        }
        if (known.isArray()) {
            if (!value.isArray()) {
                return Optional.of(path + " is not a list.");
            }
            for (var element : value) {
                var wrong = unknown(path + "[]", element, known.get(0));
                if (wrong.isPresent()) {
                    return wrong;
                }
            }
            return Optional.empty();
        }
        if (known.isObject()) {
            if (!value.isObject()) {
                return Optional.of(path + " is not an object.");
            }
            for (var field : value.properties()) {
                var inner = path + "." + field.getKey();
                if (!known.has(field.getKey())) {
                    return Optional.of("the field " + inner + " is not known.");
                }
                var wrong = unknown(inner, field.getValue(), known.get(field.getKey()));
                if (wrong.isPresent()) {
                    return wrong;
                }
            }
            return Optional.empty();
        }
        var fits =
                switch (known.asText()) {
                    case "string" -> value.isTextual();
                    case "integer" -> value.isIntegralNumber();
                    case "boolean" -> value.isBoolean();
                    default -> throw new IllegalStateException("fields.yaml: " + path + ": " + known);
                };
        return fits ? Optional.empty() : Optional.of(path + " is not a " + known.asText() + ".");
    }

    /** The models keep what they do not know in a map; without it the mapper says what it does not know. */
    private static final class WithoutCatchAll extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }
}
