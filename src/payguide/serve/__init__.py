"""What users and programs call: command line, later API, web and MCP."""
