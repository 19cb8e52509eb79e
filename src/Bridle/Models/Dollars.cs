using System.Globalization;

namespace Bridle.Models;

/// <summary>Sums of money in words.</summary>
public static class Dollars
{
    /// <summary>US dollars without their sign, to four places; what is smaller is given whole, because it is not nothing.</summary>
    public static string Of(decimal dollars) => dollars.ToString(dollars != 0 && Math.Abs(dollars) < 0.0001m ? "0.############################" : "0.####", CultureInfo.InvariantCulture);
}
