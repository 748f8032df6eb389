"""Charts, trees and maps: from figures to places in a drawing; no clock, no words, no Django."""
