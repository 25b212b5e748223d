package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class PolynomialTest {

    @Test
    void the_polynomials_that_restic_drew_are_irreducible() {
        assertTrue(new Polynomial(0x25b468838dcb75L).isIrreducible());
        assertTrue(new Polynomial(0x3fa9c0cd8dc5b1L).isIrreducible());
    }

    @Test
    void an_even_one_and_a_square_are_reducible() {
        assertFalse(new Polynomial(0x25b468838dcb74L).isIrreducible());
        assertFalse(new Polynomial(0b101).isIrreducible());
        assertTrue(new Polynomial(0b111).isIrreducible());
    }

    @Test
    void a_random_one_has_degree_53_and_survives_its_text_form() throws Exception {
        Polynomial polynomial = Polynomial.random(new SecureRandom());

        assertEquals(53, Polynomial.degree(polynomial.bits()));
        assertEquals(polynomial, Polynomial.parse(polynomial.toString()));
    }

    @Test
    void another_degree_is_refused() {
        assertThrows(RepositoryException.class, () -> Polynomial.parse("7"));
        assertThrows(RepositoryException.class, () -> Polynomial.parse("no"));
    }
}
