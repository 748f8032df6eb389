"""What is public: records that people find, the links between them, pages kept ready."""
