package org.domicile.platform.verify;

/**
 * One record as an enumeration of a store found it.
 *
 * @param key unique within the account and class
 * @param version the account's counter when it was last written; 0 in a class without versions
 * @param content everything of it that must be the same in both regions, in one canonical text; it is digested at once and goes nowhere
 */
public record InventoryItem(String key, long version, String content) {
    @Override
    public String toString() {
        return "InventoryItem[" + version + "]";
    }
}
