"""Pictures: a course of therapy drawn as SVG with a finding, a description and a table. Standard library only."""
