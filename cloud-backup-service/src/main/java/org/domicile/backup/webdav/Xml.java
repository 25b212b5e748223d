package org.domicile.backup.webdav;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** XML bodies, read without document types, entities or anything from elsewhere, and with bounded depth. */
final class Xml {
    private static final String LIMITS = "http://www.oracle.com/xml/jaxp/properties/";
    private static final int MAX_ELEMENT_DEPTH = 64;
    private static final int MAX_ATTRIBUTES = 64;

    private Xml() {}

    /** @throws ProblemException MALFORMED_BODY (400) */
    static Element parse(byte[] body) {
        try {
            var factory = DocumentBuilderFactory.newDefaultNSInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            factory.setAttribute(LIMITS + "maxElementDepth", MAX_ELEMENT_DEPTH);
            factory.setAttribute(LIMITS + "elementAttributeLimit", MAX_ATTRIBUTES);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new Strict());
            return builder.parse(new ByteArrayInputStream(body)).getDocumentElement();
        } catch (SAXException | IOException e) {
            throw malformed();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    static ProblemException malformed() {
        return new ProblemException(
                ErrorCode.MALFORMED_BODY,
                "Send a well-formed XML body as RFC 4918 has it, without document type and at most 64 elements deep.");
    }

    static PropertyName name(Node node) {
        return new PropertyName(node.getNamespaceURI() == null ? "" : node.getNamespaceURI(), node.getLocalName());
    }

    static boolean is(Node node, String local) {
        return PropertyName.DAV.equals(node.getNamespaceURI()) && local.equals(node.getLocalName());
    }

    static List<Element> elements(Element parent) {
        var elements = new ArrayList<Element>();
        for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                elements.add(element);
            }
        }
        return elements;
    }

    /** An element with all it needs to stand elsewhere: every element declares its own namespace. */
    static String fragment(Element element) {
        var xml = new StringBuilder();
        write(element, xml);
        return xml.toString();
    }

    private static void write(Element element, StringBuilder xml) {
        var name = name(element);
        open(name, xml);
        var attributes = element.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) {
            attribute(attributes.item(i), i, xml);
        }
        xml.append('>');
        for (var node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            switch (node.getNodeType()) {
                case Node.ELEMENT_NODE -> write((Element) node, xml);
                case Node.TEXT_NODE, Node.CDATA_SECTION_NODE -> escape(node.getNodeValue(), xml);
                default -> {}
            }
        }
        close(name, xml);
    }

    private static void attribute(Node attribute, int number, StringBuilder xml) {
        var namespace = attribute.getNamespaceURI();
        if (XMLConstants.XMLNS_ATTRIBUTE_NS_URI.equals(namespace)) {
            return;
        }
        xml.append(' ');
        if (XMLConstants.XML_NS_URI.equals(namespace)) {
            xml.append("xml:");
        } else if (namespace != null) {
            xml.append("xmlns:a").append(number).append("=\"");
            escape(namespace, xml);
            xml.append("\" a").append(number).append(':');
        }
        xml.append(attribute.getLocalName()).append("=\"");
        escape(attribute.getNodeValue(), xml);
        xml.append('"');
    }

    static void empty(PropertyName name, StringBuilder xml) {
        open(name, xml);
        xml.append("/>");
    }

    private static void open(PropertyName name, StringBuilder xml) {
        xml.append('<').append(prefix(name)).append(name.local());
        if (!name.namespace().isEmpty() && !name.namespace().equals(PropertyName.DAV)) {
            xml.append(" xmlns:x=\"");
            escape(name.namespace(), xml);
            xml.append('"');
        }
    }

    private static void close(PropertyName name, StringBuilder xml) {
        xml.append("</").append(prefix(name)).append(name.local()).append('>');
    }

    private static String prefix(PropertyName name) {
        if (name.namespace().isEmpty()) {
            return "";
        }
        return name.namespace().equals(PropertyName.DAV) ? "D:" : "x:";
    }

    static void escape(String text, StringBuilder xml) {
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '&' -> xml.append("&amp;");
                case '"' -> xml.append("&quot;");
                case '\r', '\n', '\t' -> xml.append("&#").append(c).append(';');
                default -> xml.appendCodePoint(c);
            }
        });
    }

    /** The default one prints to the standard error stream. */
    private static final class Strict implements ErrorHandler {
        @Override
        public void warning(SAXParseException e) {
            // not an error
        }

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }
}
