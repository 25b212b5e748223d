-- Which index keys entries are under is asked before every look-up, of one entry a key.
create index identifier_index_key on identifier (index_key);
