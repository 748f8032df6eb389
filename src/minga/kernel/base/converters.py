"""What an address may be filled with, besides what Django knows."""

from django.urls import register_converter
from django.urls.converters import IntConverter


class NumberConverter(IntConverter):
    """A number that every database can hold."""

    regex = "[0-9]{1,9}"


register_converter(NumberConverter, "number")
