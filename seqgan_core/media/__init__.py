"""What people read and hear: verse on a page, its readings, its files; knows no model."""
