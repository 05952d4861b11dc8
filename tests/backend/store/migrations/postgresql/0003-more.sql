-- readable-by: 2
CREATE TABLE more (id BIGINT PRIMARY KEY);
