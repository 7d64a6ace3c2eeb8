"""Runs cells. Nothing here is for cells to import."""
